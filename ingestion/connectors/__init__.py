"""How bytes arrive: drop folder, HTTP pull, MQTT, Modbus TCP, DL/T 645.

A connector finds deliveries and says who sent them and when the business knew them. It does not look inside.
"""
