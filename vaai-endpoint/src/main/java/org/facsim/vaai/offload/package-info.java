/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the array offloads, for any dialect: the primitives, clone jobs, profiles and statistics. It
 * knows no session, no connection and no encoding; {@link org.facsim.vaai.offload.Offload} is its
 * door, and a decorator of that interface sees every call of every dialect. Its vocabulary
 * (statuses, flags, states, how a file is named) is that of {@code vaai_nas.x}.
 */
package org.facsim.vaai.offload;
