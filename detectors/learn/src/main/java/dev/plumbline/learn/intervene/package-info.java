/** Interventions named on the command line: a learned direction taken out, or steered along. */
package dev.plumbline.learn.intervene;
