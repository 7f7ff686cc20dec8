// SPDX-License-Identifier: MIT
/* A module that loads: two parameters, and a greeting to read in /proc/greeting. */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

static char *whom = "kernel";
module_param(whom, charp, 0444);
MODULE_PARM_DESC(whom, "Whom to greet");

static int times = 1;
module_param(times, int, 0644);
MODULE_PARM_DESC(times, "How often");

static int greeting_show(struct seq_file *file, void *data)
{
	int i;

	for (i = 0; i < times; i++)
		seq_printf(file, "Hello, %s\n", whom);
	return 0;
}

static int __init greeter_init(void)
{
	if (!proc_create_single("greeting", 0444, NULL, greeting_show))
		return -ENOMEM;
	pr_info("greeter: see /proc/greeting\n");
	return 0;
}

static void __exit greeter_exit(void)
{
	remove_proc_entry("greeting", NULL);
}

module_init(greeter_init);
module_exit(greeter_exit);

MODULE_DESCRIPTION("Sample of Insmod Lens: a module that loads");
MODULE_AUTHOR("The Insmod Lens authors");
MODULE_LICENSE("Dual MIT/GPL");
