/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Plugins in C against the array: the reference plugin of this project, and the dialect of another.
 * Everything runs under valgrind; where a tool is missing the tests skip themselves by name.
 */
package org.facsim.it.plugin;
