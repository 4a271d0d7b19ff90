/** The {@code plumbline} command: parsing, help, exit codes. */
package dev.plumbline.agent.cli;
