/** Fetching an artefact from a URL by its digest: what a pod does before the agent starts. */
package dev.plumbline.agent.fetch;
