/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A whole array with its doors open, for whoever embeds one: {@link
 * org.facsim.embedded.FacsimArray}. The only package where array, services, doors and transport are
 * wired to each other; the program, the tests and the JUnit extension start their arrays here.
 *
 * <p>May see the array, the services, the protocols and the doors for NFS and VAAI; neither command
 * line nor HTTP nor simulated hosts: an array does not know its hosts, and brings no library that
 * it does not need.
 */
package org.facsim.embedded;
