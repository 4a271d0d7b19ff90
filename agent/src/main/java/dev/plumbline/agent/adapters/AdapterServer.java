package dev.plumbline.agent.adapters;

import io.vertx.core.Future;

/**
 * The adapters of one origin. Each call is a few requests with a deadline each and a bound on what
 * is read; no future ever fails: what goes wrong is {@link Outcome.Refused}. Calls may be repeated:
 * to load what is loaded, or unload what is not, changes nothing and says so. Lives on an event
 * loop; one call at a time.
 */
public interface AdapterServer {
  /** What it has now; nothing where it cannot be asked or does not answer. */
  Future<Served> list();

  /** Has it load the adapter, unless it has: {@link Outcome.Ready} or refused. */
  Future<Outcome> load(WantedAdapter wanted);

  /** Has it let go of the adapter, if it has it: {@link Outcome.Gone} or refused. */
  Future<Outcome> unload(WantedAdapter wanted);
}
