/*
 * What modules of a 32-bit Linux 2.6.39 hold, without the kernel: enough of it to build small ones. kbuild and modpost write
 * most of this; here it stands where you can read it. The checksums are made up: no kernel gave them.
 */
#ifndef CLASSIC_MODULE_H
#define CLASSIC_MODULE_H

#define MODULE_NAME_LEN (64 - sizeof(unsigned long))

#define __section(name) __attribute__((section(name)))
#define __used __attribute__((used))
#define __init __section(".init.text")
#define __exit __section(".exit.text") __used
#define __initdata __section(".init.data")

/* .modinfo: strings of the form key=value. */
#define CONCAT_(a, b) a##b
#define CONCAT(a, b) CONCAT_(a, b)
#define MODULE_INFO(tag, text)                                                                                             \
	static const char CONCAT(__mod_##tag, __LINE__)[] __used __section(".modinfo") __attribute__((aligned(1))) = #tag "=" text
#define MODULE_LICENSE(text) MODULE_INFO(license, text)
#define MODULE_DESCRIPTION(text) MODULE_INFO(description, text)
#define MODULE_PARM_DESC(name, text) MODULE_INFO(parm, #name ":" text)

/* __ksymtab, __ksymtab_strings, __kcrctab: what a module exports. */
struct kernel_symbol {
	unsigned long value;
	const char *name;
};
#define EXPORT_(symbol, kind, crc)                                                                                         \
	static const char __kstrtab_##symbol[] __section("__ksymtab_strings") __attribute__((aligned(1))) = #symbol;        \
	static const unsigned long __kcrctab_##symbol __used __section("__kcrctab" kind) = crc;                             \
	static const struct kernel_symbol __ksymtab_##symbol __used __section("__ksymtab" kind) = {                         \
		(unsigned long)&symbol, __kstrtab_##symbol                                                                  \
	}
#define EXPORT_SYMBOL(symbol, crc) EXPORT_(symbol, "", crc)
#define EXPORT_SYMBOL_GPL(symbol, crc) EXPORT_(symbol, "_gpl", crc)

/* __versions: the checksum of each symbol that the module uses. */
struct modversion_info {
	unsigned long crc;
	char name[MODULE_NAME_LEN];
};
#define VERSIONS static const struct modversion_info ____versions[] __used __section("__versions")

/* __param: what stands behind the name of the module on a command line. */
struct kernel_param_ops;
extern struct kernel_param_ops param_ops_int, param_ops_charp;
struct kernel_param {
	const char *name;
	const struct kernel_param_ops *ops;
	unsigned short perm;
	unsigned short flags;
	void *arg;
};
#define module_param(variable, type, permissions)                                                                          \
	static const char __param_str_##variable[] = #variable;                                                             \
	static const struct kernel_param __param_##variable __used __section("__param") __attribute__((aligned(4))) = {     \
		__param_str_##variable, &param_ops_##type, permissions, 0, &variable                                        \
	};                                                                                                                  \
	MODULE_INFO(parmtype, #variable ":" #type)

/* .gnu.linkonce.this_module: the kernel fills in nearly all of it. The file holds the name, and by relocations two functions. */
struct module {
	int state;
	void *list[2];
	char name[MODULE_NAME_LEN];
	char filled_by_the_kernel[104];
	int (*init)(void);
	char also_filled_by_the_kernel[136];
	void (*exit)(void);
	char and_this[8];
};
#define THIS_MODULE_IS(text)                                                                                               \
	struct module __this_module __section(".gnu.linkonce.this_module") = {                                              \
		.name = text, .init = init_module, .exit = cleanup_module                                                   \
	};                                                                                                                  \
	static const char __vermagic[] __used __section(".modinfo") __attribute__((aligned(1))) =                           \
		"vermagic=2.6.39 SMP mod_unload modversions 686 "
extern struct module __this_module;
#define THIS_MODULE (&__this_module)

#define module_init(function) int init_module(void) __attribute__((alias(#function)))
#define module_exit(function) void cleanup_module(void) __attribute__((alias(#function)))

extern int printk(const char *format, ...);

/* include/linux/notifier.h */
struct notifier_block {
	int (*notifier_call)(struct notifier_block *, unsigned long, void *);
	struct notifier_block *next;
	int priority;
};
extern int register_module_notifier(struct notifier_block *);
extern int unregister_module_notifier(struct notifier_block *);

#endif
