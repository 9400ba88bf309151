# Runs a program that ends when this script's standard input does: whoever holds the other end of
# that pipe may die in any way, the program does not outlive it.
exec 3<&0
"$@" 3<&- </dev/null &
program=$!
(
  cat <&3 >/dev/null
  kill -9 "$program"
) 2>/dev/null &
watcher=$!
exec 3<&-
wait "$program"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
