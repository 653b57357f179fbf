/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Faults on demand: rules that say which calls are to meet which fault, as a link of the call
 * chain.
 *
 * <p>May see {@code org.facsim.services.calls}, {@code .access}, {@code .offload}, {@code .paths},
 * {@code .units} and {@code org.facsim.array}; no protocol.
 */
package org.facsim.services.faults;
