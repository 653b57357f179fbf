/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The array put together: opening, closing, volumes, durability. Whoever opens an array sees this
 * package and the API; nothing in array-core sees it.
 *
 * <p>May see everything in array-core.
 */
package org.facsim.array.engine;
