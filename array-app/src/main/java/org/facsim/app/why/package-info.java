/* SPDX-License-Identifier: Apache-2.0 */
/**
 * "Offloaded? If not, why?", the whole answer: the host's half joined with the array's. {@link
 * org.facsim.app.why.HostTeller} brings the host's half into the explanations of an array that runs
 * in this program; {@link org.facsim.app.why.CloneWhyJson} writes both for programs.
 */
package org.facsim.app.why;
