module antiphon/bench

go 1.24
