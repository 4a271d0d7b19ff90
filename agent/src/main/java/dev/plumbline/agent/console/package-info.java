/** The page on the admin port, for people: fixed files from the class path, and nothing else. */
package dev.plumbline.agent.console;
