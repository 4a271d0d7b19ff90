/** The meters: one catalogue, one facade, one scrape page. */
package dev.plumbline.agent.metrics;
