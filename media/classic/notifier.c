/* Hears of every module that comes, lives and goes. */
#include "module.h"

static int heard(struct notifier_block *block, unsigned long state, void *data)
{
	static const char *const states[] = { "LIVE", "COMING", "GOING" };
	const struct module *module = data;

	printk("<6>notifier: %s is %s\n", module->name, states[state % 3]);
	return 0;
}

static struct notifier_block block = { .notifier_call = heard };

static int __init notifier_init(void)
{
	return register_module_notifier(&block);
}

static void __exit notifier_exit(void)
{
	unregister_module_notifier(&block);
}

module_init(notifier_init);
module_exit(notifier_exit);

MODULE_LICENSE("GPL");

VERSIONS = {
	{ 0x3b2fc1d0, "module_layout" },
	{ 0x50eedeb8, "printk" },
	{ 0x2f7d8c15, "register_module_notifier" },
	{ 0x90b36ae2, "unregister_module_notifier" },
};
THIS_MODULE_IS("notifier");
