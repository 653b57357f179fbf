/* SPDX-License-Identifier: Apache-2.0 */
/** The program around an array: what the command line and the demo share. May see every module. */
package org.facsim.app;
