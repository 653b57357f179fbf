/* SPDX-License-Identifier: Apache-2.0 */
/**
 * One volume: its context and lock, and its operations by role. Every mutation is one critical
 * section: it happens whole or throws and changes nothing.
 *
 * <p>May see the array's API, {@code history}, {@code inode}, {@code block} and its parts; not
 * {@code stored}, which hears of changes through an interface.
 */
package org.facsim.array.volume;
