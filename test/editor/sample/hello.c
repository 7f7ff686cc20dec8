// SPDX-License-Identifier: MIT
/* The smallest module worth simulating: two parameters, one message, one thing freed after init. */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static char *whom = "kernel";
module_param(whom, charp, 0444);
MODULE_PARM_DESC(whom, "Whom to greet");

static int times = 1;
module_param(times, int, 0644);
MODULE_PARM_DESC(times, "How often");

static int __init hello_init(void)
{
	int i;

	for (i = 0; i < times; i++)
		pr_info("Hello, %s\n", whom);
	return 0;
}

static void __exit hello_exit(void)
{
	pr_info("Goodbye, %s\n", whom);
}

module_init(hello_init);
module_exit(hello_exit);

MODULE_DESCRIPTION("Sample module of Insmod Lens");
MODULE_AUTHOR("The Insmod Lens authors");
MODULE_LICENSE("Dual MIT/GPL");
