module org.facsim/example

go 1.19
