/*
 * A dashboard as a file, put together from the types that Grafana publishes. Grafana's own type leaves a panel's options, its custom
 * field settings and its queries open (any record), since a plugin may bring them; here each is the type of the plugin that the panel
 * names. What Grafana takes as any text and then passes over in silence when it does not know it (units, colours, calculations,
 * transformations, colour schemes) is a list here; the test writes units.ts from Grafana's own.
 */
import type { DataTransformerID, ReducerID } from '@grafana/data';
import type { PromQuery, PromVariableQuery } from '@grafana/prometheus';
import type * as schema from 'grafana-dashboard';
import type * as heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type { KnownUnit } from './units';

/** A type as JSON writes it: an enum's member is its text. */
type Json<T> = T extends string ? `${T}` : T extends object ? { [K in keyof T]: Json<T[K]> } : T;

type Unit = KnownUnit | `${'prefix' | 'suffix' | 'time' | 'si' | 'count' | 'currency' | 'bool'}:${string}`;

type Shade = 'super-light-' | 'light-' | '' | 'semi-dark-' | 'dark-';
type Hue = 'red' | 'orange' | 'yellow' | 'green' | 'blue' | 'purple';
type Colour = `${Shade}${Hue}` | `#${string}` | `rgb(${string})` | `rgba(${string})` | 'text' | 'transparent';

/** The palettes of the heatmap plugin; any other name is drawn as Spectral. */
type Scheme =
  | 'BrBG' | 'PiYG' | 'PRGn' | 'PuOr' | 'RdBu' | 'RdGy' | 'RdYlBu' | 'RdYlGn' | 'Spectral'
  | 'Blues' | 'Greens' | 'Greys' | 'Oranges' | 'Purples' | 'Reds'
  | 'Turbo' | 'Cividis' | 'Viridis' | 'Magma' | 'Inferno' | 'Plasma' | 'Warm' | 'Cool' | 'Cubehelix'
  | 'BuGn' | 'BuPu' | 'GnBu' | 'OrRd' | 'PuBuGn' | 'PuBu' | 'PuRd' | 'RdPu' | 'YlGnBu' | 'YlGn' | 'YlOrBr' | 'YlOrRd'
  | 'Rainbow' | 'Sinebow';

/** `T` with some of its properties more narrowly. */
type With<T, U> = Omit<T, keyof U> & U;

interface Source {
  type: 'prometheus';
  uid: '${datasource}';
}

type Target = With<Json<PromQuery>, { datasource: Source }>;

type Thresholds = With<Json<schema.ThresholdsConfig>, { steps: Array<With<schema.Threshold, { color: Colour }>> }>;

/** No override is in use: whoever adds one adds the type of its properties. */
interface Field<Custom> {
  defaults: With<Json<schema.FieldConfig>, { unit: Unit; thresholds: Thresholds; custom?: Custom }>;
  overrides: [];
}

type Transformation = With<schema.DataTransformerConfig, { id: `${DataTransformerID}` }>;

type PanelOf<Type extends string, Options, Custom> = With<
  Json<schema.Panel>,
  {
    id: number;
    type: Type;
    title: string;
    description: string;
    gridPos: schema.GridPos;
    datasource: Source;
    options: Options;
    fieldConfig: Field<Custom>;
    targets: Array<Target>;
    transformations?: Array<Transformation>;
  }
>;

type Calculated<Options extends { reduceOptions: unknown }> = With<
  Options,
  { reduceOptions: With<Options['reduceOptions'], { calcs: Array<`${ReducerID}`> }> }
>;

type Legend<Options extends { legend: unknown }> = With<
  Options,
  { legend: With<Options['legend'], { calcs: Array<`${ReducerID}`> }> }
>;

type HeatmapOptions = With<
  Json<heatmap.Options>,
  {
    color: With<Json<heatmap.HeatmapColorOptions>, { scheme: Scheme; fill: Colour }>;
    exemplars: { color: Colour };
    yAxis: With<Json<heatmap.YAxisConfig>, { unit?: Unit }>;
    cellValues?: With<heatmap.CellValues, { unit?: Unit }>;
  }
>;

type Panel =
  | PanelOf<'timeseries', Legend<Json<timeseries.Options>>, Json<timeseries.FieldConfig>>
  | PanelOf<'stat', Calculated<Json<stat.Options>>, never>
  | PanelOf<'table', Json<table.Options>, Json<table.FieldConfig>>
  | PanelOf<'heatmap', HeatmapOptions, Json<heatmap.FieldConfig>>
  | With<schema.RowPanel, { title: string; gridPos: schema.GridPos; panels: [] }>;

/** With `definition`, which Grafana writes and reads, and its type for the file has forgotten. */
type Variable =
  | With<Json<schema.VariableModel>, { type: 'datasource'; query: 'prometheus'; datasource?: never }>
  | With<
      Json<schema.VariableModel>,
      { type: 'query'; query: Json<PromVariableQuery>; datasource: Source; definition: string }
    >;

/** With what Grafana's Prometheus plugin reads beside the query. */
type Annotation = With<
  Json<schema.AnnotationQuery>,
  { datasource: Source; target: Target; iconColor: Colour; titleFormat?: string; textFormat?: string; tagKeys?: string }
>;

export type Dashboard = With<
  schema.Dashboard,
  {
    uid: string;
    title: string;
    description: string;
    refresh: `${number}${'s' | 'm' | 'h'}`;
    timezone: 'browser' | 'utc';
    annotations: { list: Array<Annotation> };
    links: Array<Json<schema.DashboardLink>>;
    templating: { list: Array<Variable> };
    panels: Array<Panel>;
  }
>;
