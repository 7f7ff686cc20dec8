// What each stage is for, in a sentence: for people who look at a load and do not know the loader by heart.

const PURPOSES: Readonly<Record<string, string>> = {
  finit_module: 'The system call: may modules be loaded at all, and are the flags known?',
  init_module: 'The system call: may modules be loaded at all, and is there enough for an ELF header?',
  module_sig_check:
    'Looks for a signature at the end of the file, verifies it, and applies the policy for modules without one.',
  elf_validity_check: 'Is this a relocatable ELF file of this machine, and does every section lie inside of the file?',
  copy_and_check: 'Is this a relocatable ELF file of this machine?',
  elf_header_check: 'Is this a relocatable ELF file of this machine?',
  find_module: 'Is a module of this name loaded already, or being loaded?',
  mod_sysfs_init: 'Makes the directory /sys/module/NAME.',
  set_license: 'Taints module and kernel where the license is not compatible with the GPL.',
  check_versions_of_exports: 'Do the export tables carry CRCs, where this kernel wants them?',
  list_add: 'Neither the name nor an export may be taken; then the module is put into the list of modules.',
  sys_init_module: 'Runs the init function, which is only assumed here, and frees init memory.',
  setup_load_info: 'Finds the sections the loader needs: .modinfo, the symbol table, struct module, symbol versions.',
  elf_validity_cache_copy:
    'Is this a relocatable ELF file of this machine, and where are the sections the loader needs? Nothing is trusted before.',
  blacklisted: 'Is the module named by module_blacklist= on the kernel command line?',
  rewrite_section_headers:
    'First rewrite of the section headers: sh_addr points into the temporary copy of the file; .modinfo and the version tables will not be kept.',
  check_modstruct_version: 'Was the module built with the same types as the kernel? The CRC of module_layout tells.',
  check_modinfo: 'Compares vermagic with that of the kernel, and reads what .modinfo says of license and origin.',
  module_patient_check_exists: 'Is a module of this name loaded already, or being loaded?',
  module_enforce_rwx_sections: 'No section may be both writable and executable.',
  layout_and_allocate:
    'Lays sections out by what their memory may do, allocates it, and copies them: the second rewrite gives every allocated section its address.',
  add_unformed_module: 'Puts the module into the list of modules, which fails when the name is taken.',
  module_augment_kernel_taints: 'Taints module and kernel for what the module is: out of tree, unsigned, proprietary.',
  sig_ok: 'Taints module and kernel where the signature was not verified.',
  percpu_modalloc: 'Reserves per-CPU memory for DEFINE_PER_CPU variables.',
  find_module_sections: 'Looks up special sections by name: parameters, exports, tracepoints, and many more.',
  check_module_license_and_versions: 'Do exports carry versions? Some modules are known by name to bring taints.',
  check_export_symbol_versions: 'Do the export tables carry CRCs, where this kernel wants them?',
  check_export_symbol_sections: 'Do the export tables have the flags and CRCs this kernel wants?',
  setup_modinfo: 'Keeps version and srcversion for sysfs; checks imported namespaces.',
  simplify_symbols:
    'Gives every symbol its address: of a section of the module, or of what the kernel or another module exports. Versions, GPL and namespaces are checked here.',
  apply_relocations: 'Writes addresses into code and data, entry by entry of the relocation sections.',
  post_relocation: 'Memory now holds what will run: struct module, parameters and exports are read from it.',
  complete_formation: 'Exports must be new; then protections are set and the module becomes visible to others.',
  prepare_coming_module: 'Tells the rest of the kernel: ftrace, livepatch, BTF, tracepoints.',
  parse_args: 'Parses the parameters given to insmod into the variables of the module.',
  mod_sysfs_setup: 'Makes /sys/module/NAME with parameters, sections and holders.',
  do_init_module: 'Runs the init function, which is only assumed here, and frees init memory.',
};

/** '' for a stage without one. */
export function purposeOf(stage: string): string {
  return PURPOSES[stage] ?? '';
}
