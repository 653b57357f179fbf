/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Why a clone was offloaded, or why not: reports that the offload writes while it decides, what
 * hosts read and wrote over NFS instead, and what was remembered of both, as one explanation.
 *
 * <p>No rule of the offload is known here. {@link org.facsim.services.explain.CloneReport} runs the
 * engine's own checks and notes how they went, so an explanation cannot differ from the decision.
 *
 * <p>May see {@code org.facsim.array} and {@code org.facsim.services.paths}.
 */
package org.facsim.services.explain;
