package dev.plumbline.agent.bench;

import java.util.Optional;

/**
 * A way to the origin that is measured.
 *
 * @param name as it stands in the results
 * @param port on the loopback
 * @param process whose processor time counts; absent for the origin alone
 */
record Contender(String name, int port, Optional<ProcessStat> process) {

  String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  /** Processor seconds so far, 0 where nothing stands between. */
  double cpuSeconds() {
    return process.map(ProcessStat::cpuSeconds).orElse(0.0);
  }
}
