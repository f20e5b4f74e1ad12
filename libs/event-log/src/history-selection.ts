/** Which events of a log: those for which all of this holds. */
export interface Selection {
  stream?: string;
  types?: readonly string[];
  /** Recorded at this moment or later. Milliseconds since 1970, UTC. */
  from?: number;
  /** Recorded at this moment or before it. */
  to?: number;
  /** Behind this position. */
  after?: number;
}

/**
 * A selection found in the log. Its bounds are places: positions, or with a stream the versions in it, so that a stream
 * is read by its own index however much lies between its events.
 */
export interface Range {
  stream?: string;
  types?: readonly string[];
  /** Recorded at this moment or later, and at this one or before. Milliseconds since 1970, UTC. */
  from?: number;
  to?: number;
  /** The place to start behind. */
  after?: number;
  /** The last place. Default: the end of the log, or of the stream, at the time of the call. */
  upTo?: number;
}

/** A range whose bounds are known. */
export interface BoundRange extends Range {
  after: number;
  upTo: number;
}

export interface PageRequest extends Range {
  /** At most so many events. */
  limit: number;
  /** None of these. */
  exceptTypes?: readonly string[];
  newestFirst?: boolean;
}

/** Some events of a range, and how far they reach. */
export interface EventPage<Event> {
  events: Event[];
  /** The last place that was looked at. */
  seen: number;
  /** The same when there may be more: the next page is `after` it, or with newestFirst `upTo` the place before it. */
  next?: number;
}
