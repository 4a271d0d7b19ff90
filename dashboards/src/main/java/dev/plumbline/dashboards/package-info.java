/**
 * Writes the Grafana dashboards. Names of metrics come from {@link
 * dev.plumbline.agent.metrics.Meter}, so a panel of a meter that is gone does not compile.
 */
package dev.plumbline.dashboards;
