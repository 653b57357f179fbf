/**
 * The web console in a browser: Debian's chromium, driven by Playwright, over the real server. What
 * is asserted is what a person sees; axe judges whether everybody can.
 */
package org.facsim.it.webconsole;
