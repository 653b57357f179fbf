/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The training lab: hosts and virtual machines that run beside a served array, and an incident that
 * a trainee finds and mends.
 *
 * <p>{@link org.facsim.app.lab.LabFileReader} reads a lab file, whose names and numbers are drawn
 * from a seed. {@link org.facsim.app.lab.Lab} runs it and implements the HTTP door's {@code
 * LabDoor}. {@link org.facsim.app.lab.Scoring} judges by evidence: pure functions of what was
 * observed. The package may see scenarios (for the common sections of files), hosts, the embedded
 * array and the HTTP door's interface, and never the command line.
 */
package org.facsim.app.lab;
