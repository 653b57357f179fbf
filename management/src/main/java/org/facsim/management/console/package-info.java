/**
 * The files of the web console, as a browser asks for them: pages, and what pages load. They hold
 * no figure of the array; these come from the management API. Sees nothing of Facsim.
 */
package org.facsim.management.console;
