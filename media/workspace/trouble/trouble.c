// SPDX-License-Identifier: MIT
/*
 * A module that is refused, for three reasons: it was built against the tree of a vendor, who exports a function more,
 * knows no namespaces and has changed a structure. insmod says "Invalid parameters", and means none of that.
 */
#include <linux/dma-buf.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/reboot.h>

/* What the headers declare and this kernel does not export. */
unsigned long kallsyms_lookup_name(const char *name);

static int descriptor = -1;
module_param(descriptor, int, 0444);
MODULE_PARM_DESC(descriptor, "File descriptor of a shared buffer");

static int trouble_reboot(struct notifier_block *block, unsigned long event, void *data)
{
	return NOTIFY_DONE;
}

static struct notifier_block trouble_block = {
	.notifier_call = trouble_reboot,
};

static void trouble_borrow(void)
{
	struct dma_buf *buffer = dma_buf_get(descriptor);

	if (!IS_ERR(buffer))
		dma_buf_put(buffer);
}

static int __init trouble_init(void)
{
	if (!kallsyms_lookup_name("sys_call_table"))
		return -ENOENT;
	trouble_borrow();
	return register_reboot_notifier(&trouble_block);
}

static void __exit trouble_exit(void)
{
	unregister_reboot_notifier(&trouble_block);
}

module_init(trouble_init);
module_exit(trouble_exit);

MODULE_DESCRIPTION("Sample of Insmod Lens: a module that is refused");
MODULE_AUTHOR("The Insmod Lens authors");
MODULE_LICENSE("Dual MIT/GPL");
