/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What an administrator types on a host: {@link org.facsim.hypervisor.console.HostConsole} runs
 * commands with the names, options, output and exit codes of the field, as far as these are public.
 * Each command is a class; {@code CommandLine} reads its options.
 *
 * <p>May see all of the host; nothing but the program that runs a lab sees this.
 */
package org.facsim.hypervisor.console;
