/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The VAAI door of the array: sessions, support query, clone, extended statistics.
 *
 * <p>{@link org.facsim.vaai.VaaiOperations} is what the door can do, in terms of no wire; {@link
 * org.facsim.vaai.VaaiEndpoint} does it over the array; each dialect ({@link
 * org.facsim.vaai.VaaiProgram} for ONC RPC) translates bytes to these operations and back and
 * decides nothing. Decorators of {@code VaaiOperations} see every call of every dialect. May see
 * {@code org.facsim.array} and {@code org.facsim.protocol}, never the NFS door.
 */
package org.facsim.vaai;
