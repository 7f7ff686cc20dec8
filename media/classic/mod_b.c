/* Uses what owner exports, the variable too. */
#include "module.h"

extern int owner_next(void);
extern int owner_count;

static int __init mod_b_init(void)
{
	printk("<6>mod_b: number %d of %d\n", owner_next(), owner_count);
	return 0;
}

static void __exit mod_b_exit(void)
{
}

module_init(mod_b_init);
module_exit(mod_b_exit);

MODULE_LICENSE("GPL");
MODULE_INFO(depends, "owner");

VERSIONS = {
	{ 0x3b2fc1d0, "module_layout" },
	{ 0x50eedeb8, "printk" },
	{ 0x4e5f6071, "owner_next" },
	{ 0x0a1b2c3d, "owner_count" },
};
THIS_MODULE_IS("mod_b");
