/** What every offline job shares: its folder, stages, progress, dry run, model and exit status. */
package dev.plumbline.learn.job;
