/* SPDX-License-Identifier: Apache-2.0 */
/** Simulated hosts that offload to arrays of all kinds: what they do when the array will not. */
package org.facsim.it.vaai;
