/**
 * One verdict per exchange: the queue that scores, the ledger that counts, the ring and the feed.
 */
package dev.plumbline.agent.scoring;
