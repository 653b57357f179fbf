/* SPDX-License-Identifier: Apache-2.0 */
/**
 * {@code facsim doctor}: looks at a datastore as a host would, and says which preconditions of an
 * offload hold there. {@code WireLook} gathers {@link org.facsim.app.doctor.Facts} over NFS and
 * VAAI-NAS, from any server. {@link org.facsim.app.doctor.Diagnosis} judges them, as a pure
 * function, into a {@link org.facsim.app.doctor.Finding} for each {@link
 * org.facsim.app.doctor.Check}.
 */
package org.facsim.app.doctor;
