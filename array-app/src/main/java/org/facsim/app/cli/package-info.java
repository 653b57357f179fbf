/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The command line: options, exit codes, and what is printed where.
 *
 * <p>Exit codes: 0 success, 1 the command failed (one line on stderr says why), 2 wrong usage (one
 * line names what was wrong and what is allowed). Stdout carries answers only.
 */
package org.facsim.app.cli;
