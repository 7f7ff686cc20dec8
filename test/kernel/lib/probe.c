// SPDX-License-Identifier: MIT
/*
 * The only program of the test machine: runs as /init, takes the steps of /cases one after the other on the real
 * kernel, and writes one JSON object per line about each to the second serial port, or to the device that the kernel
 * parameter probe.out names.
 *
 * A line of /cases holds words separated by tabs; words are percent-encoded:
 *   case ID
 *   insmod FLAGS SYSCALL FILE ARGS      SYSCALL is finit_module or init_module
 *   rmmod NAME FLAGS
 *   memory NAME SECTION SIZE            the bytes of a section of a loaded module
 *   symbols                             addresses of the kernel symbols listed in /symbols
 *   end                                 removes what the case left behind
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

static FILE *out;
static int kmsg = -1;
static int trace = -1;

/* ---- JSON ---- */

static void put_string(const char *s)
{
	fputc('"', out);
	for (; *s; s++) {
		unsigned char c = *s;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 32 || c > 126)
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

/* Writes a comma before every member but the first. */
static void put_comma(int *first)
{
	if (!*first)
		fputc(',', out);
	*first = 0;
}

static void put_key(int *first, const char *key)
{
	put_comma(first);
	put_string(key);
	fputc(':', out);
}

static void end_line(void)
{
	fputs("}\n", out);
	fflush(out);
	tcdrain(fileno(out));
}

/* ---- small files ---- */

/* Reads a whole small file, without its last newline. Returns whether that was possible. */
static int slurp(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY);
	size_t len = 0;
	ssize_t got = -1;

	buf[0] = 0;
	if (fd < 0)
		return 0;
	while (len < size - 1 && (got = read(fd, buf + len, size - 1 - len)) > 0)
		len += got;
	close(fd);
	buf[len] = 0;
	if (len && buf[len - 1] == '\n')
		buf[len - 1] = 0;
	return got >= 0;
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		perror(path);
	close(fd);
}

/* ---- what the kernel says ---- */

/*
 * A message that was cut for its length has lost its newline, and is kept back in case it goes on. A record of our
 * own ends it; records from user space are recognised by their facility.
 */
static void flush_log(void)
{
	write_file("/dev/kmsg", "<12>probe\n");
}

/* Reads the records of /dev/kmsg that are new; writes the kernel's own as [level, text] when `emit`. */
static void drain_log(int emit)
{
	static char record[16384];
	int first = 1;

	flush_log();
	for (;;) {
		ssize_t got = read(kmsg, record, sizeof(record) - 1);
		char *text;

		if (got < 0 && errno == EPIPE) /* records were overwritten: go on with the oldest left */
			continue;
		if (got <= 0)
			return;
		record[got] = 0;
		text = strchr(record, ';');
		if (!text || !emit || atoi(record) > 7)
			continue;
		text[1 + strcspn(text + 1, "\n")] = 0;
		put_comma(&first);
		fprintf(out, "[%d,", atoi(record) & 7);
		put_string(text + 1);
		fputc(']', out);
	}
}

/* Whether the module_load event was seen since the last call: everything but the module's init succeeded. */
static int load_event_seen(void)
{
	static char buf[262144];
	int seen = 0;
	ssize_t got;

	while (trace >= 0 && (got = read(trace, buf, sizeof(buf) - 1)) > 0) {
		buf[got] = 0;
		if (strstr(buf, "module_load:"))
			seen = 1;
	}
	return seen;
}

static void put_log(void)
{
	char taint[64];

	slurp("/proc/sys/kernel/tainted", taint, sizeof(taint));
	fprintf(out, ",\"tainted\":%s,\"log\":[", taint);
	drain_log(1);
	fputc(']', out);
}

/* ---- /sys/module ---- */

static char *format_path(char *buf, size_t size, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(buf, size, format, ap);
	va_end(ap);
	return buf;
}

/* Writes the members of a directory: as an object of file contents, or as an array of names. */
static void put_directory(const char *module, const char *name, int contents)
{
	static char value[65536];
	char path[512];
	struct dirent *entry;
	int first = 1;
	DIR *dir = opendir(format_path(path, sizeof(path), "/sys/module/%s/%s", module, name));

	fputc(contents ? '{' : '[', out);
	while (dir && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (!contents) {
			put_comma(&first);
			put_string(entry->d_name);
			continue;
		}
		put_key(&first, entry->d_name);
		format_path(path, sizeof(path), "/sys/module/%s/%s/%s", module, name, entry->d_name);
		if (slurp(path, value, sizeof(value)))
			put_string(value);
		else
			fputs("null", out);
	}
	if (dir)
		closedir(dir);
	fputc(contents ? '}' : ']', out);
}

static void put_module(const char *name)
{
	static const char *const attributes[] = { "coresize", "initsize", "taint", "refcnt", "version", "srcversion", NULL };
	char path[512], value[4096];
	int first = 1;

	fputc('{', out);
	for (const char *const *attribute = attributes; *attribute; attribute++) {
		format_path(path, sizeof(path), "/sys/module/%s/%s", name, *attribute);
		if (!slurp(path, value, sizeof(value)))
			continue;
		put_key(&first, *attribute);
		put_string(value);
	}
	put_key(&first, "sections");
	put_directory(name, "sections", 1);
	put_key(&first, "parameters");
	put_directory(name, "parameters", 1);
	put_key(&first, "holders");
	put_directory(name, "holders", 0);
	fputc('}', out);
}

/* Calls `visit` for every line of /proc/modules: newest module first. */
static void each_module(void (*visit)(const char *name, const char *line))
{
	static char modules[1 << 16];
	char *rest = modules, *line;

	slurp("/proc/modules", modules, sizeof(modules));
	while ((line = strsep(&rest, "\n"))) {
		char name[128];

		if (sscanf(line, "%127s", name) == 1)
			visit(name, line);
	}
}

static int dump_first;

static void dump_one(const char *name, const char *line)
{
	(void)line;
	put_key(&dump_first, name);
	put_module(name);
}

static void put_dumps(void)
{
	fputs(",\"dumps\":{", out);
	dump_first = 1;
	each_module(dump_one);
	fputc('}', out);
}

/* ---- steps ---- */

static void decode(char *word)
{
	char *to = word;

	for (; *word; word++) {
		unsigned int c;

		if (*word == '%' && sscanf(word + 1, "%2x", &c) == 1) {
			*to++ = c;
			word += 2;
		} else {
			*to++ = *word;
		}
	}
	*to = 0;
}

static char *next_word(char **rest)
{
	char *word = strsep(rest, "\t");

	if (!word)
		return "";
	decode(word);
	return word;
}

static int failed(long result)
{
	return result == -1 ? errno : 0;
}

/* init_module() with the file's bytes. Returns 0 or the errno. */
static int load_bytes(int fd, const char *args)
{
	struct stat st;
	char *image;
	int err;

	fstat(fd, &st);
	image = malloc(st.st_size + 1);
	if (read(fd, image, st.st_size) != st.st_size)
		perror("read");
	err = failed(syscall(SYS_init_module, image, (unsigned long)st.st_size, args));
	free(image);
	return err;
}

static void insmod(char *rest)
{
	int flags = atoi(next_word(&rest));
	char *call = next_word(&rest), *file = next_word(&rest), *args = next_word(&rest);
	int fd = open(file, O_RDONLY | O_CLOEXEC), err;

	if (fd < 0) {
		perror(file);
		return;
	}
	if (!strcmp(call, "init_module"))
		err = load_bytes(fd, args);
	else
		err = failed(syscall(SYS_finit_module, fd, args, flags));
	close(fd);
	fprintf(out, "{\"op\":\"insmod\",\"errno\":%d,\"loaded\":%s", err, load_event_seen() ? "true" : "false");
	put_log();
	if (!err)
		put_dumps();
	end_line();
}

static void remove_module(const char *name, int flags)
{
	int err = failed(syscall(SYS_delete_module, name, flags));

	fputs("{\"op\":\"rmmod\",\"name\":", out);
	put_string(name);
	fprintf(out, ",\"flags\":%d,\"errno\":%d", flags, err);
	put_log();
	end_line();
}

static void remove_left(const char *name, const char *line)
{
	/* Only a module that cannot leave otherwise is forced out: forcing taints. */
	remove_module(name, strstr(line, "[permanent]") ? O_NONBLOCK | O_TRUNC : O_NONBLOCK);
}

/* ---- memory ---- */

/* Reads kernel memory through the ELF core of /proc/kcore. Returns how much was read. */
static size_t read_kernel(unsigned long address, unsigned char *to, size_t size)
{
	ElfW(Ehdr) ehdr;
	ElfW(Phdr) phdr;
	size_t got = 0;
	int fd = open("/proc/kcore", O_RDONLY);

	if (fd < 0 || pread(fd, &ehdr, sizeof(ehdr), 0) != sizeof(ehdr))
		return 0;
	for (int i = 0; i < ehdr.e_phnum && !got; i++) {
		ssize_t now;

		if (pread(fd, &phdr, sizeof(phdr), ehdr.e_phoff + i * sizeof(phdr)) != sizeof(phdr))
			break;
		if (phdr.p_type != PT_LOAD || address < phdr.p_vaddr || address - phdr.p_vaddr + size > phdr.p_memsz)
			continue;
		while (got < size &&
		       (now = pread(fd, to + got, size - got, phdr.p_offset + (address - phdr.p_vaddr) + got)) > 0)
			got += now;
	}
	close(fd);
	return got;
}

static void put_memory(char *rest)
{
	static unsigned char bytes[1 << 23];
	char *module = next_word(&rest), *section = next_word(&rest);
	size_t size = strtoul(next_word(&rest), NULL, 10), got;
	char path[512], value[64];

	fputs("{\"op\":\"memory\",\"name\":", out);
	put_string(module);
	fputs(",\"section\":", out);
	put_string(section);
	format_path(path, sizeof(path), "/sys/module/%s/sections/%s", module, section);
	slurp(path, value, sizeof(value));
	got = size <= sizeof(bytes) ? read_kernel(strtoul(value, NULL, 16), bytes, size) : 0;
	fprintf(out, ",\"address\":\"%s\",\"bytes\":\"", value);
	for (size_t i = 0; i < got; i++)
		fprintf(out, "%02x", bytes[i]);
	fputc('"', out);
	end_line();
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Addresses of what /symbols lists: global symbols of vmlinux by name, any symbol of a module as MODULE:NAME. */
static void put_symbols(void)
{
	static char *wanted[1 << 16];
	static char line[1024], name[1024], owned[1200];
	size_t count = 0;
	int first = 1;
	FILE *list = fopen("/symbols", "r"), *all = fopen("/proc/kallsyms", "r");

	while (list && count < sizeof(wanted) / sizeof(*wanted) && fgets(line, sizeof(line), list)) {
		line[strcspn(line, "\n")] = 0;
		wanted[count++] = strdup(line);
	}
	qsort(wanted, count, sizeof(*wanted), by_text);
	fputs("{\"op\":\"symbols\",\"symbols\":{", out);
	while (all && fgets(line, sizeof(line), all)) {
		char *key = name, type, address[32], module[128];

		if (sscanf(line, "%31s %c %1023s", address, &type, name) != 3)
			continue;
		if (sscanf(line, "%*s %*c %*s [%127[^]]", module) == 1)
			format_path(key = owned, sizeof(owned), "%s:%s", module, name);
		else if (type >= 'a' && type <= 'z')
			continue;
		if (!bsearch(&key, wanted, count, sizeof(*wanted), by_text))
			continue;
		put_key(&first, key);
		put_string(address);
	}
	fputc('}', out);
	end_line();
}

static void power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static void end_case(void)
{
	char modules[64];

	each_module(remove_left);
	slurp("/proc/modules", modules, sizeof(modules));
	if (!modules[0])
		return;
	fputs("{\"op\":\"dirty\"", out);
	end_line();
	power_off();
}

static void begin_case(char *rest)
{
	fputs("{\"op\":\"case\",\"id\":", out);
	put_string(next_word(&rest));
	end_line();
}

static void run_line(char *line)
{
	char *rest = line;
	char *op = next_word(&rest);

	drain_log(0);
	load_event_seen();
	if (!strcmp(op, "case"))
		begin_case(rest);
	else if (!strcmp(op, "insmod"))
		insmod(rest);
	else if (!strcmp(op, "rmmod")) {
		char *name = next_word(&rest);

		remove_module(name, atoi(next_word(&rest)));
	} else if (!strcmp(op, "memory"))
		put_memory(rest);
	else if (!strcmp(op, "symbols"))
		put_symbols();
	else if (!strcmp(op, "end"))
		end_case();
}

/* ---- start ---- */

static void mount_all(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sys", "/sys", "sysfs", 0, NULL);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	mount("trace", "/sys/kernel/tracing", "tracefs", 0, NULL);
}

/*
 * Waits until the kernel has said what it has to say right after booting, and under lockdown until its notices, of
 * which only a few may come in five seconds, are allowed again.
 */
static void settle(void)
{
	char cmdline[4096];

	slurp("/proc/cmdline", cmdline, sizeof(cmdline));
	sleep(strstr(cmdline, "lockdown=") ? 7 : 1);
}

static void open_serial(void)
{
	static char buffer[1 << 16];
	char cmdline[4096], device[64] = "/dev/ttyS1", *given;
	struct termios t;
	int fd;

	slurp("/proc/cmdline", cmdline, sizeof(cmdline));
	given = strstr(cmdline, "probe.out=");
	if (given)
		sscanf(given, "probe.out=%50s", device + strlen("/dev/"));
	fd = open(device, O_RDWR | O_NOCTTY);

	tcgetattr(fd, &t);
	cfmakeraw(&t);
	cfsetspeed(&t, B115200);
	tcsetattr(fd, TCSANOW, &t);
	out = fdopen(fd, "w");
	setvbuf(out, buffer, _IOFBF, sizeof(buffer));
}

static void open_kernel(void)
{
	write_file("/proc/sys/kernel/printk", "1");
	write_file("/proc/sys/kernel/printk_ratelimit", "0");
	write_file("/proc/sys/kernel/kptr_restrict", "0");
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	write_file("/sys/kernel/tracing/events/module/module_load/enable", "1");
	trace = open("/sys/kernel/tracing/trace_pipe", O_RDONLY | O_NONBLOCK);
}

int main(void)
{
	static char line[1 << 20];
	FILE *cases;

	/* Some lines of the log name the calling process. */
	prctl(PR_SET_NAME, "insmod");
	mount_all();
	open_serial();
	open_kernel();
	settle();
	fputs("{\"op\":\"boot\"", out);
	end_line();
	cases = fopen("/cases", "r");
	while (cases && fgets(line, sizeof(line), cases)) {
		line[strcspn(line, "\n")] = 0;
		run_line(line);
	}
	fputs("{\"op\":\"done\"", out);
	end_line();
	power_off();
}
