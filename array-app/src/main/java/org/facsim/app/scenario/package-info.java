/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Scenarios: what happens on hosts and arrays, as files that can be run, with expectations that are
 * judged by the ledger, the journal and the hosts.
 *
 * <ul>
 *   <li>{@link org.facsim.app.scenario.YamlFile} reads a file so that every value knows its line,
 *       {@link org.facsim.app.scenario.FileSchema} checks it, {@link
 *       org.facsim.app.scenario.SiteReader} reads arrays, hosts and VMs ({@link
 *       org.facsim.app.scenario.Site}), and {@code ScenarioReader} reads a whole {@link
 *       org.facsim.app.scenario.Scenario}.
 *   <li>{@link org.facsim.app.scenario.Stage} builds a site; labs do, too.
 *   <li>{@link org.facsim.app.scenario.ScenarioRun} takes the steps, and a {@link
 *       org.facsim.app.scenario.RunResult} is what it found of every expectation.
 *   <li>{@link org.facsim.app.scenario.ModelledTime} says how long a step would take on a real
 *       network.
 * </ul>
 *
 * <p>The time of hosts and arrays is stepped, and the report has no figure that differs from run to
 * run: no port, no address, no real duration. So the same seed makes the same report.
 */
package org.facsim.app.scenario;
