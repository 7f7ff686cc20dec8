/* Uses what owner exports. */
#include "module.h"

extern int owner_next(void);

static int __init mod_a_init(void)
{
	printk("<6>mod_a: number %d\n", owner_next());
	return 0;
}

static void __exit mod_a_exit(void)
{
}

module_init(mod_a_init);
module_exit(mod_a_exit);

MODULE_LICENSE("GPL");
MODULE_INFO(depends, "owner");

VERSIONS = {
	{ 0x3b2fc1d0, "module_layout" },
	{ 0x50eedeb8, "printk" },
	{ 0x4e5f6071, "owner_next" },
};
THIS_MODULE_IS("mod_a");
