/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The composition root: the only package where array, doors and transport are wired to each other.
 *
 * <p>{@link org.facsim.app.FacsimArray} is a whole array with its doors open, for the command line
 * and for anyone who embeds one. May see every module but {@code hypervisor-sim}: an array does not
 * know its hosts.
 */
package org.facsim.app;
