/*
 * The lifecycle of a response over a shared store: claim, fence, cancel, end, read, recover, park, wake.
 * Checked exhaustively by ./check, which also plants the bugs named below and must find each:
 *
 *   NO_GUARD       an end does not look at the row it changes
 *   MEMORY_READ    a read believes the run it finds in memory, without asking the store
 *   RUN_AGAIN      a tool call that was under way in a crash is made again
 *   NO_WAKE_GUARD  a wake does not look whether the response still waits
 *
 * One step of a process is one thing that happens at once in the system: a transaction, or a change
 * under one lock. Whatever lies between two of them can be interleaved with everything else.
 */
#ifndef NODES
#define NODES 2
#endif
#define RESPONSES 2
#define BACKGROUND 0 /* response 0 was acknowledged as a background one */
#define FOREGROUND 1 /* response 1 runs for a client of node 0 */
#ifndef CRASHES
#define CRASHES 1
#endif
#define LAPSES 1 /* leases that run out although their node lives: a pause, a cut */

#define NOBODY 255

/* Status of a row; what is not below COMPLETED is terminal. */
#define QUEUED 0
#define RUNNING 1
#define PARKED 2
#define COMPLETED 3
#define CANCELLED 4
#define FAILED 5

/* What the log says of the one tool call of a response. */
#define NOT_CALLED 0
#define BEGUN 1
#define ANSWERED 2

typedef Row {
  byte status;
  byte epoch;
  byte owner = NOBODY;
  bool leased;
  bool cancel_requested;
  byte tool;
  bool has_parked
}

Row row[RESPONSES];

/* The log that a node holds in memory: the epoch it writes under, 0 if there is none. */
typedef Memory {
  byte epoch[RESPONSES];
  bool sealed[RESPONSES]
}

Memory memory[NODES];
bool up[NODES];
byte crashes;
byte lapses;

/* What the world has seen, for the assertions alone. */
byte ends[RESPONSES];
byte told[RESPONSES]; /* the terminal status that some client was told */
byte performed[RESPONSES]; /* how often the tool's side effect happened */

#define terminal(r) (row[r].status >= COMPLETED)
#define claimable(r) \
  (r == BACKGROUND && (row[r].status == QUEUED || (row[r].status == RUNNING && !row[r].leased)))
#define orphaned(r) (r == FOREGROUND && row[r].status == RUNNING && !row[r].leased)
#define holds(n, r, e) (!terminal(r) && row[r].status == RUNNING && row[r].epoch == e)
#define open(n, r, e) (up[n] && memory[n].epoch[r] == e && !memory[n].sealed[r])

inline written(r, s) {
  row[r].status = s;
  row[r].leased = false;
  row[r].cancel_requested = false;
  row[r].owner = NOBODY; row[r].tool = ANSWERED; row[r].has_parked = true; /* past caring */
  ends[r]++;
  assert(ends[r] == 1) /* promise 1: a response leaves queued and in_progress once */
}

/* The guarded update under a run's own epoch. */
inline end_as_run(n, r, e, s) {
  if
#ifdef NO_GUARD
  :: true -> written(r, s)
#else
  :: holds(n, r, e) -> written(r, s)
  :: else /* fenced, or ended: another won */
#endif
  fi
}

/* The guarded update of somebody who does not run it; its run is fenced off by the next epoch. */
inline end_in_store(r, s) {
  if
  :: !terminal(r) -> row[r].epoch++; written(r, s)
  :: else
  fi
}

inline forget(n, r, e) {
  if
  :: memory[n].epoch[r] == e -> memory[n].epoch[r] = 0; memory[n].sealed[r] = false
  :: else
  fi
}

/* Claims and runs response r on node n, as often as it can be claimed. */
proctype Run(byte n; byte r; byte first) {
  byte e;
  if
  :: first -> e = 1; goto live /* the foreground response that its creator waits for */
  :: else
  fi;
idle:
  do
  :: atomic { up[n] && claimable(r) ->
       row[r].status = RUNNING; row[r].epoch++; row[r].owner = n; row[r].leased = true;
       e = row[r].epoch }
     /* The claim is committed, but nobody can find the run yet. */
     if
     :: atomic { up[n] -> memory[n].epoch[r] = e; memory[n].sealed[r] = false }
     :: !up[n] -> goto over
     fi;
     atomic {
       if
       :: holds(n, r, e)
       :: else -> forget(n, r, e); e = 0; goto idle
       fi }
live:
     /* The tool: begun on disk, then done, then its result on disk. */
     atomic {
       if
       :: !up[n] -> goto over
       :: up[n] && !open(n, r, e) -> goto stopped
       :: open(n, r, e) && !holds(n, r, e) -> goto stopped
       :: open(n, r, e) && holds(n, r, e) && row[r].tool == ANSWERED -> goto spoken
       :: open(n, r, e) && holds(n, r, e) && row[r].tool == BEGUN ->
#ifndef RUN_AGAIN
          row[r].tool = ANSWERED; goto spoken /* interrupted, the model is told */
#endif
       :: open(n, r, e) && holds(n, r, e) && row[r].tool == NOT_CALLED -> row[r].tool = BEGUN
       fi }
     atomic {
       if
       :: up[n] -> performed[r]++; assert(performed[r] <= 1) /* promise 6 */
       :: !up[n] -> goto over
       fi }
     atomic {
       if
       :: !up[n] -> goto over
       :: up[n] && open(n, r, e) && holds(n, r, e) -> row[r].tool = ANSWERED
       :: up[n] && !(open(n, r, e) && holds(n, r, e)) -> goto stopped
       fi }
spoken:
     if
     :: atomic { open(n, r, e) && r == BACKGROUND && !row[r].has_parked ->
          memory[n].sealed[r] = true }
        atomic {
          if
          :: !up[n] -> goto over
          :: up[n] && holds(n, r, e) ->
             row[r].status = PARKED; row[r].leased = false; row[r].owner = NOBODY; row[r].has_parked = true
          :: up[n] && !holds(n, r, e)
          fi;
          forget(n, r, e); e = 0 }
     :: atomic { open(n, r, e) -> memory[n].sealed[r] = true }
        atomic {
          if
          :: up[n] -> end_as_run(n, r, e, (row[r].cancel_requested -> CANCELLED : COMPLETED));
             forget(n, r, e); e = 0
          :: !up[n] -> goto over
          fi }
     :: atomic { up[n] && !open(n, r, e) -> goto stopped }
     :: !up[n] -> goto over
     fi;
     goto idle;
stopped:
     /* Sealed by a canceller, or fenced: whoever did that ends it. */
     atomic {
       if
       :: up[n] && !memory[n].sealed[r] -> forget(n, r, e)
       :: else
       fi;
       e = 0 }
  :: atomic { !up[n] -> goto over }
  :: atomic { terminal(r) -> goto over }
  od;
over:
  atomic { e = 0; n = 0 }
}

/* Ends what a dead node left behind; any node that is up does. */
proctype Orphans() {
  do
  :: atomic { orphaned(FOREGROUND) -> end_in_store(FOREGROUND, FAILED) }
  :: atomic { terminal(FOREGROUND) -> break }
  od
}

/* The time a parked response waits for, or somebody who wakes it. */
proctype Wake() {
  do
#ifdef NO_WAKE_GUARD
  :: atomic { row[BACKGROUND].has_parked -> row[BACKGROUND].status = QUEUED; break }
#else
  :: atomic { row[BACKGROUND].status == PARKED -> row[BACKGROUND].status = QUEUED }
#endif
  :: atomic { terminal(BACKGROUND) -> break }
  od
}

proctype World() {
  byte n;
  do
  :: atomic { crashes < CRASHES && crashes < NODES - 1 ->
       select(n : 0 .. NODES - 1);
       if
       :: up[n] ->
          up[n] = false; crashes++;
          memory[n].epoch[0] = 0; memory[n].epoch[1] = 0;
          memory[n].sealed[0] = false; memory[n].sealed[1] = false
       :: else
       fi;
       n = 0 }
  :: atomic { lapses < LAPSES && row[0].leased -> row[0].leased = false; lapses++ }
  :: atomic { lapses < LAPSES && row[1].leased -> row[1].leased = false; lapses++ }
  :: atomic { row[0].leased && !up[row[0].owner] -> row[0].leased = false }
  :: atomic { row[1].leased && !up[row[1].owner] -> row[1].leased = false }
  :: atomic { terminal(0) && terminal(1) -> break }
  od
}

/* Reads response r on node n: what a GET answers. */
inline read(n, r, before, v, e) {
  atomic { before = told[r]; e = memory[n].epoch[r] }
  atomic {
    if
#ifdef MEMORY_READ
    :: up[n] && e != 0 -> v = RUNNING
    :: up[n] && e == 0 -> v = row[r].status
#else
    :: up[n] -> v = row[r].status /* memory is believed only while the row says the same */
#endif
    :: !up[n] -> v = NOBODY
    fi;
    if
    :: v != NOBODY && before != 0 -> assert(v == before) /* what was told once stays */
    :: else
    fi;
    if
    :: v != NOBODY && v >= COMPLETED -> told[r] = v
    :: else
    fi;
    before = 0; v = 0; e = 0; n = 0 }
}

/* A client that cancels r on one node and then reads on any. */
proctype Client(byte r) {
  byte n, e, v, before;
  atomic { select(n : 0 .. NODES - 1) }
again:
  atomic {
    if
    :: !up[n] -> goto reads /* no answer: nothing is known */
    :: up[n] -> e = memory[n].epoch[r]
    fi }
  if
  :: e != 0 ->
     /* It runs here: sealed first, so that the ending is made from all there is. */
     atomic {
       if
       :: open(n, r, e) -> memory[n].sealed[r] = true
       :: else -> e = 0
       fi }
     if
     :: e != 0 ->
        atomic {
          if
          :: up[n] -> end_as_run(n, r, e, CANCELLED); forget(n, r, e)
          :: else
          fi;
          e = 0 }
     :: else
     fi
  :: else
  fi;
  atomic {
    if
    :: !up[n] -> goto reads
    :: up[n] && terminal(r) -> told[r] = row[r].status; goto reads
    :: up[n] && !terminal(r) && memory[n].epoch[r] != 0 -> goto again
    :: up[n] && !terminal(r) && memory[n].epoch[r] == 0 && (r == BACKGROUND || !row[r].leased) ->
       end_in_store(r, CANCELLED)
    :: up[n] && !terminal(r) && memory[n].epoch[r] == 0 && r == FOREGROUND && row[r].leased ->
       row[r].cancel_requested = true
    fi }
  atomic { terminal(r) || !up[n] -> skip }
  goto again;
reads:
  atomic { e = 0; n = 0; select(n : 0 .. NODES - 1) }
  read(n, r, before, v, e)
}

init {
  byte n;
  atomic {
    for (n : 0 .. NODES - 1) { up[n] = true }
    row[BACKGROUND].status = COMPLETED;
    row[FOREGROUND].status = COMPLETED;
#ifdef WITH_BACKGROUND
    row[BACKGROUND].status = QUEUED;
    for (n : 0 .. NODES - 1) { run Run(n, BACKGROUND, false) }
    run Wake();
    run Client(BACKGROUND);
#endif
#ifdef WITH_FOREGROUND
    row[FOREGROUND].status = RUNNING;
    row[FOREGROUND].epoch = 1;
    row[FOREGROUND].owner = 0;
    row[FOREGROUND].leased = true;
    memory[0].epoch[FOREGROUND] = 1;
    run Run(0, FOREGROUND, true);
    run Orphans();
    run Client(FOREGROUND);
#endif
    run World();
    n = 0
  }
  /* Whatever happened: when nothing moves any more, both have ended (promise 2). */
  atomic {
    timeout -> assert(terminal(BACKGROUND) && terminal(FOREGROUND))
  }
}
