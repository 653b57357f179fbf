/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Black-box tests: the real program as a process, clients that were not written here, and the rules
 * of the module table. May see everything; where a tool is missing a test skips itself by name.
 */
package org.facsim.it;
