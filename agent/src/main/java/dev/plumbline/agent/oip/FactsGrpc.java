package dev.plumbline.agent.oip;

import dev.plumbline.agent.shm.Region;
import dev.plumbline.agent.wire.oip.grpc.DataType;
import dev.plumbline.agent.wire.oip.grpc.InferStatistics;
import dev.plumbline.agent.wire.oip.grpc.ModelConfig;
import dev.plumbline.agent.wire.oip.grpc.ModelConfigResponse;
import dev.plumbline.agent.wire.oip.grpc.ModelInput;
import dev.plumbline.agent.wire.oip.grpc.ModelMetadataResponse;
import dev.plumbline.agent.wire.oip.grpc.ModelOutput;
import dev.plumbline.agent.wire.oip.grpc.ModelStatistics;
import dev.plumbline.agent.wire.oip.grpc.ModelStatisticsResponse;
import dev.plumbline.agent.wire.oip.grpc.ServerMetadataResponse;
import dev.plumbline.agent.wire.oip.grpc.StatisticDuration;
import dev.plumbline.agent.wire.oip.grpc.SystemSharedMemoryStatusResponse;
import java.util.List;

/** The same as {@link FactsJson} in gRPC messages. */
final class FactsGrpc {
  private FactsGrpc() {}

  static ServerMetadataResponse server(boolean sharedMemory) {
    return ServerMetadataResponse.newBuilder()
        .setName(ModelFacts.SERVER)
        .setVersion(ModelFacts.serverVersion())
        .addAllExtensions(ModelFacts.extensions(sharedMemory))
        .build();
  }

  static ModelMetadataResponse model(ModelFacts facts) {
    return ModelMetadataResponse.newBuilder()
        .setName(OipModel.NAME)
        .addVersions(OipModel.VERSION)
        .setPlatform(ModelFacts.PLATFORM)
        .addAllInputs(facts.inputs().stream().map(FactsGrpc::tensor).toList())
        .addAllOutputs(facts.outputs().stream().map(FactsGrpc::tensor).toList())
        .build();
  }

  private static ModelMetadataResponse.TensorMetadata tensor(ModelFacts.TensorFacts tensor) {
    return ModelMetadataResponse.TensorMetadata.newBuilder()
        .setName(tensor.name())
        .setDatatype(tensor.datatype().name())
        .addAllShape(tensor.shape())
        .build();
  }

  static ModelConfigResponse config(ModelFacts facts) {
    ModelConfig.Builder config =
        ModelConfig.newBuilder()
            .setName(OipModel.NAME)
            .setPlatform(ModelFacts.PLATFORM)
            .setBackend(ModelFacts.SERVER);
    facts
        .inputs()
        .forEach(
            tensor ->
                config.addInput(
                    ModelInput.newBuilder()
                        .setName(tensor.name())
                        .setDataType(type(tensor))
                        .addAllDims(tensor.shape())));
    facts
        .outputs()
        .forEach(
            tensor ->
                config.addOutput(
                    ModelOutput.newBuilder()
                        .setName(tensor.name())
                        .setDataType(type(tensor))
                        .addAllDims(tensor.shape())));
    return ModelConfigResponse.newBuilder().setConfig(config).build();
  }

  private static DataType type(ModelFacts.TensorFacts tensor) {
    return DataType.valueOf(ModelFacts.configName(tensor.datatype()));
  }

  static ModelStatisticsResponse statistics(Statistics.Snapshot now) {
    InferStatistics stats =
        InferStatistics.newBuilder()
            .setSuccess(total(now.success()))
            .setFail(total(now.fail()))
            .setQueue(total(now.queue()))
            .setComputeInput(total(now.input()))
            .setComputeInfer(total(now.infer()))
            .setComputeOutput(total(now.output()))
            .build();
    return ModelStatisticsResponse.newBuilder()
        .addModelStats(
            ModelStatistics.newBuilder()
                .setName(OipModel.NAME)
                .setVersion(OipModel.VERSION)
                .setLastInference(now.lastMillis())
                .setInferenceCount(now.success().count())
                .setExecutionCount(now.success().count())
                .setInferenceStats(stats))
        .build();
  }

  private static StatisticDuration total(Statistics.Total total) {
    return StatisticDuration.newBuilder().setCount(total.count()).setNs(total.ns()).build();
  }

  static SystemSharedMemoryStatusResponse regions(List<Region> regions) {
    SystemSharedMemoryStatusResponse.Builder all = SystemSharedMemoryStatusResponse.newBuilder();
    for (Region region : regions) {
      all.putRegions(
          region.name(),
          SystemSharedMemoryStatusResponse.RegionStatus.newBuilder()
              .setName(region.name())
              .setKey(region.key())
              .setOffset(region.offset())
              .setByteSize(region.byteSize())
              .build());
    }
    return all.build();
  }
}
