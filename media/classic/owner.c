/* Exports what mod_a and mod_b use: while they are loaded, it stays. */
#include "module.h"

int owner_count;
EXPORT_SYMBOL(owner_count, 0x0a1b2c3d);

int owner_next(void)
{
	return ++owner_count;
}
EXPORT_SYMBOL_GPL(owner_next, 0x4e5f6071);

static int __init owner_init(void)
{
	printk("<6>owner: ready\n");
	return 0;
}

static void __exit owner_exit(void)
{
	printk("<6>owner: %d calls\n", owner_count);
}

module_init(owner_init);
module_exit(owner_exit);

MODULE_LICENSE("GPL");

VERSIONS = {
	{ 0x3b2fc1d0, "module_layout" },
	{ 0x50eedeb8, "printk" },
};
THIS_MODULE_IS("owner");
