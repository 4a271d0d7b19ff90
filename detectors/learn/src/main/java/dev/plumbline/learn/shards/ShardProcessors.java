package dev.plumbline.learn.shards;

import com.hazelcast.cluster.Address;
import com.hazelcast.jet.config.EdgeConfig;
import com.hazelcast.jet.core.DAG;
import com.hazelcast.jet.core.Edge;
import com.hazelcast.jet.core.Processor;
import com.hazelcast.jet.core.ProcessorMetaSupplier;
import com.hazelcast.jet.core.ProcessorSupplier;
import com.hazelcast.jet.core.Vertex;
import com.hazelcast.jet.core.processor.SourceProcessors;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The job of a wave: a map of shards, handed out over all members, one reader on each. Nothing but
 * two texts travels with it, and no lambda, so that members need to accept next to no classes.
 */
final class ShardProcessors implements ProcessorMetaSupplier, ProcessorSupplier {
  private static final long serialVersionUID = 1;

  private final String wave;
  private final String card;

  private ShardProcessors(String wave, String card) {
    this.wave = wave;
    this.card = card;
  }

  /** Reads the wave's shards with models of this card. */
  static DAG dag(String wave, ModelCard card) {
    DAG dag = new DAG();
    Vertex source = dag.newVertex("shards", SourceProcessors.readMapP(WaveMaps.workName(wave)));
    Vertex read =
        dag.newVertex("read", (ProcessorMetaSupplier) new ShardProcessors(wave, card.text()));
    // Short queues, or the first member to be ready would be handed all of the wave.
    EdgeConfig queues = new EdgeConfig().setQueueSize(2).setReceiveWindowMultiplier(1);
    dag.edge(
        Edge.between(source.localParallelism(1), read.localParallelism(1))
            .distributed()
            .setConfig(queues));
    return dag;
  }

  @Override
  public Function<? super Address, ? extends ProcessorSupplier> get(List<Address> members) {
    return member -> this;
  }

  @Override
  public Collection<? extends Processor> get(int count) {
    return Stream.generate(() -> new ShardProcessor(wave, card)).limit(count).toList();
  }

  @Override
  public void init(ProcessorMetaSupplier.Context context) {}

  @Override
  public void init(ProcessorSupplier.Context context) {}

  @Override
  public boolean initIsCooperative() {
    return true;
  }

  @Override
  public boolean closeIsCooperative() {
    return true;
  }

  @Override
  public void close(Throwable error) {}
}
