/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A whole array with its doors open, for programs that embed one: {@link
 * org.facsim.embedded.FacsimArray}. The only package where array, services, doors and transport are
 * wired to each other; the program, the tests and the JUnit extension start their arrays here.
 *
 * <p>May see the array, the services, the protocols and the doors for NFS and VAAI; and not the
 * command line, HTTP or simulated hosts: an array does not know its hosts, and needs no library of
 * theirs.
 */
package org.facsim.embedded;
