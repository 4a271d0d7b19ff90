/** What every port of the agent has in common: certificates, and bounds of connections. */
package dev.plumbline.agent.ports;
