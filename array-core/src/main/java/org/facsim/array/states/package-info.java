/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The named states of the whole array: which volumes there are in each, the settings that are part
 * of them, and saving, restoring and deleting them.
 *
 * <p>May see {@code volume}, {@code history} and all below them, and {@code log}.
 */
package org.facsim.array.states;
