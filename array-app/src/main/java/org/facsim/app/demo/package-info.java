/* SPDX-License-Identifier: Apache-2.0 */
/**
 * {@code facsim demo}: an array and simulated hosts in one process, eight clones over real NFS, and
 * the table of who copied what.
 *
 * <p>{@link org.facsim.app.demo.Demo} runs {@link org.facsim.app.demo.DemoCase}s; every figure
 * comes from the hosts' wire counters or the array's ledger; {@link
 * org.facsim.app.demo.Expectation} judges them and knows nothing of the hosts' policy. May see the
 * composition root, {@code hypervisor-sim} and the public face of the array.
 */
package org.facsim.app.demo;
