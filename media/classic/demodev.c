/* Two parameters: insmod demodev.ko dolphin=10 bobcat=hello */
#include "module.h"

static int dolphin = 1;
static char *bobcat = "quiet";

module_param(dolphin, int, 0444);
MODULE_PARM_DESC(dolphin, "How many of them");
module_param(bobcat, charp, 0);
MODULE_PARM_DESC(bobcat, "What it says");

static int table[4] __initdata = { 1, 2, 3, 4 };

static int __init demodev_init(void)
{
	printk("<6>demodev: dolphin=%d bobcat=%s\n", dolphin * table[0], bobcat);
	return 0;
}

static void __exit demodev_exit(void)
{
	printk("<6>demodev: bye\n");
}

module_init(demodev_init);
module_exit(demodev_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Parameters, as in the books");

/* As modpost writes it. */
VERSIONS = {
	{ 0x3b2fc1d0, "module_layout" },
	{ 0x50eedeb8, "printk" },
	{ 0x1d5e3a71, "param_ops_int" },
	{ 0x6c0f92e4, "param_ops_charp" },
};
THIS_MODULE_IS("demodev");
